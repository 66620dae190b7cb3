/** Milliseconds of processor time that some work takes: unlike the time on the clock it does not grow when the machine has other work. */
export function measureCpu(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
