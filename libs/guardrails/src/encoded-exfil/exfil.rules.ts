/** Something sensitive that has a value: `password=…`, `"token": …`, a private key, the first line of /etc/passwd. */
export const SENSITIVE_VALUE =
  /(?:pass(?:word|wd|phrase)|secret|token|api[ _-]?key|access[ _-]?key|private[ _-]?key|credentials?|authorization|cookie|session(?:[ _-]?id)?|ssn|card[ _-]?number)["']?\s{0,3}[:=]|-----begin |ssh-(?:rsa|ed25519) |\bbearer\s|\bAKIA[0-9A-Z]{16}|\bgh[pousr]_|root:x:0:/i;

/** Something sensitive that is only mentioned. */
export const SENSITIVE_WORD =
  /passw(?:or)?d|passphrase|secret|token|api[ _-]?key|private[ _-]?key|credential|authorization|bearer|cookie|session|\bssn\b|confidential/i;

/** What sends something away, or where to: commands, addresses, words. */
export const EGRESS =
  /\b(?:curl|wget|netcat|nc|nslookup|dig|invoke-webrequest|invoke-restmethod|sendbeacon|upload|uploads|uploading|webhook|beacon|dns|exfil\w{0,10}|pastebin|requestbin|ngrok|burpcollaborator|interactsh|socket|send|sends|sending|post|fetch)\b|\b(?:https?|ftp|wss?):\/\//i;
