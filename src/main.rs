//! The command `harborwatch`.

fn main() {}
