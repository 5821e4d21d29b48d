/// What happens next in a ``Model``: one process goes on until it comes to a point at which another may step in, or
/// something befalls it.
enum ModelStep: Hashable, CustomStringConvertible {
    /// The process on this seat goes on.
    case go(Int)
    /// It goes on with its final dot: the relay accepts the mail, and the connection ends without a reply.
    case loseReply(Int)
    /// It is killed where it is.
    case kill(Int)
    /// A new process comes to the seat of one that was killed.
    case start(Int)
    /// More time goes by than a lease has, while whoever is in the middle of something stands still.
    case freeze
    /// Time goes by until somebody wakes.
    case wait

    /// Which of them is one of the faults that are counted.
    var isFault: Bool {
        switch self {
        case .loseReply, .kill, .freeze: true
        case .go, .start, .wait: false
        }
    }

    var description: String {
        switch self {
        case .go(let seat): "\(Self.name(seat)) goes on"
        case .loseReply(let seat): "\(Self.name(seat)) goes on, and the relay's reply is lost"
        case .kill(let seat): "\(Self.name(seat)) is killed"
        case .start(let seat): "\(Self.name(seat)) starts again"
        case .freeze: "whoever is in the middle of something stands still for longer than a lease"
        case .wait: "time goes by"
        }
    }

    static func name(_ seat: Int) -> String { seat == 0 ? "A" : "B" }
}
