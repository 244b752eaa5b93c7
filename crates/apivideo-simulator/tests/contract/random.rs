//! Requests made by chance from the parameters of the document.
