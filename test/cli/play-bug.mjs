// Loaded before the command line: makes the compiler fail as a bug would.
Map.groupBy = () => {
  throw new TypeError("played bug");
};
