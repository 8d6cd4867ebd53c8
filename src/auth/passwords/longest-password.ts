/** Characters; hashing costs the same for each, and bodies are bounded anyway. */
export const LONGEST_PASSWORD = 1024;
