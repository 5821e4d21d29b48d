/// How a command ends (sysexits.h; Operating.md).
package enum ExitCode: Int32, Sendable, CaseIterable {
    case ok = 0
    /// `health`: mail is due and does not move, or the database can't be read.
    case unhealthy = 1
    /// EX_USAGE: the command line is wrong.
    case usage = 64
    /// EX_DATAERR: what was given, or a row, can't be used.
    case dataError = 65
    /// EX_UNAVAILABLE: the relay can't be reached.
    case unavailable = 69
    /// EX_IOERR: the database can't be read or written.
    case ioError = 74
    /// EX_TEMPFAIL: some mail is still to be retried.
    case tempFail = 75
    /// EX_CONFIG: a setting is wrong.
    case config = 78

    /// What it tells a script; the end of a sentence.
    package var meaning: String {
        switch self {
        case .ok: "done"
        case .unhealthy: "health: mail is due and does not move, or the database can't be read"
        case .usage: "the command line is wrong"
        case .dataError: "what was given, or a row, can't be used"
        case .unavailable: "the relay can't be reached"
        case .ioError: "the database, or a file, can't be read or written"
        case .tempFail: "some mail is still to be retried, or the command was interrupted"
        case .config: "a setting is wrong"
        }
    }
}
