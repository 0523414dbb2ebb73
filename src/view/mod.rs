//! The view: a copy of the picture for readers, who never touch the engine.
