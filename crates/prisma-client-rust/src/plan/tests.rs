//! SQL of plans, as text.
