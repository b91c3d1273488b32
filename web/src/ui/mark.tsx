/** Parley's mark: a speech bubble that holds two ticks. */
export function Mark() {
  return (
    <svg aria-hidden="true" viewBox="0 0 32 32" width="44" height="44" className="text-accent">
      <path
        fill="currentColor"
        d="M16 3C8.300 3 2 8.400 2 15c0 3.900 2.200 7.300 5.500 9.500L6.600 29l5.300-2.500c1.300.3 2.700.5 4.100.5 7.700 0 14-5.400 14-12S23.700 3 16 3Z"
      />
      <path
        className="stroke-on-accent"
        fill="none"
        strokeWidth="2.400"
        strokeLinecap="round"
        strokeLinejoin="round"
        d="m7 15.500 3.500 3.500 6.500-7.500M15 18l1.200 1 6.800-7.500"
      />
    </svg>
  );
}
