// Replaced by this module's files.
