import { readFileSync } from 'node:fs';

/** USER_HZ: the kernel shows every process 100 ticks a second, whatever its own clock does. */
const TICK_MICROSECONDS = 10_000;

/**
 * User and system time of a process and all its threads since it began, in microseconds, in steps of 10 ms.
 * @param {number} pid
 */
export function cpuMicroseconds(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  // The second field is the command in brackets and may hold spaces.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * TICK_MICROSECONDS;
}

/**
 * Resident memory of a process in MiB.
 * @param {number} pid
 */
export function residentMebibytes(pid) {
  const [, kibibytes] = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'latin1')) ?? [];
  return Number(kibibytes) / 1024;
}
