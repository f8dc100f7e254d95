//! The studio as people use it: in a real browser, headless.
//!
//! Chromium is looked for on the machine; where there is none the tests say so and are skipped (`.ci/run` installs one).
//! Whatever the console says that is an error fails a test, wherever it happens.

mod accessibility;
mod chromium;
mod editing;
mod looking;
mod school;
