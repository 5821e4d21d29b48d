/// What a command line asks for.
package enum Invocation: Hashable, Sendable {
    /// Print this text to stdout.
    case help(String)
    /// Print this line to stdout.
    case version(String)
    case command(ParsedCommand)
}
