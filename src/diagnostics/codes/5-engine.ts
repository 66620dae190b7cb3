/** Engine, state and deployment. */
export const ENGINE_CODES = {} as const;
