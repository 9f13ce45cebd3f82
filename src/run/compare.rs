//! Two or more runs held against each other: what differs in their requests, in the words of their answers,
//! in their figures, and at which token they part.

pub mod answers;
pub mod figures;
pub mod parting;
pub mod parts;
pub mod requests;
pub mod whole;
