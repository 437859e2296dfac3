/** Time that a program gets to end by itself once it was asked to; then it is killed. */
export const GRACE_MS = 5000;
