/** Where the configuration of a stack lies in the stack's folder; what all engines share (`build/`) lies beside it. */
export const OPENTOFU_FILE = "opentofu/main.tf.json";
