import Crash

/// What a process is in the midst of when it dies.
enum CrashScene: Hashable, Sendable {
    /// It sends a reply that is due at once.
    case instant
    /// It takes in a reply that is held for some time.
    case held
    /// It sends a mail that is too large for a slot.
    case large
    /// It starts on a database that no process has worked on.
    case start
    /// It takes over the mail of another, which has died at a point.
    case takeover(of: CrashPoint)
    /// It takes over the mail of another, which is stopped and goes on later.
    case frozen
    /// It finds the file of another, which has died before it was known.
    case orphan
    /// It prunes what is old.
    case oldRows
    /// It finds that a reply that is held is to go at once.
    case hastened
    /// It starts with another hold than the process before it.
    case otherHold
    /// It releases what is held since the database was restored.
    case restored
    /// It has sent everything, and is stopped.
    case leaving
    /// It makes the tables in a new file.
    case newDatabase
    /// It upgrades tables of the first step.
    case oldDatabase
    /// It makes a copy.
    case backup

    /// In the page's table.
    var words: String {
        switch self {
        case .instant: "sends a mail"
        case .held: "takes a reply in that is held"
        case .large: "sends a mail that no slot can hold"
        case .start: "starts for the first time"
        case .takeover(let point): "takes over from one that died at `\(point)`"
        case .frozen: "takes over from one that is stopped, and wakes up later"
        case .orphan: "starts after one that died at `journalMade`"
        case .oldRows: "prunes"
        case .hastened: "finds that a held reply is to go at once"
        case .otherHold: "starts with a shorter hold than the one before"
        case .restored: "releases a restored database"
        case .leaving: "is stopped, with everything sent"
        case .newDatabase: "makes a database"
        case .oldDatabase: "upgrades one of the first edition"
        case .backup: "makes a copy"
        }
    }

    /// Beside the short times of all tests.
    var settings: [String: String] {
        switch self {
        case .hastened, .otherHold: ["OUTBOXD_HOLD": "1h"]
        case .frozen: ["OUTBOXD_LEASE": "1s"]
        case .oldDatabase: ["OUTBOXD_EXPIRE_AFTER": "3650d", "OUTBOXD_RETENTION": "0"]
        default: [:]
        }
    }

    /// Of the process that dies and of those that follow.
    var laterSettings: [String: String] {
        self == .otherHold ? ["OUTBOXD_HOLD": "300ms"] : [:]
    }
}
