export const en = {
  app: { name: 'Parley' },
} as const;
