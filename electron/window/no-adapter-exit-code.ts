/** Exit code of a task (a render job, a self-test) that found no adapter in its mode while another may have one. */
export const NO_ADAPTER_EXIT_CODE = 75;
