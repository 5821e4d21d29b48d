import Delivery
import SMTP
import Service
import Synchronization

@testable import Engine

/// A relay in memory, at the level of reply lines: it keeps what it was told.
final class VirtualRelay: Sendable {
    /// One command of a client's, and when it came.
    struct Command: Equatable, Sendable {
        var at: WallTime
        var line: String
    }

    /// A message whose final dot has come.
    struct Delivery: Sendable {
        /// Which of the processes sent it.
        var process: Int
        /// As the last RCPT has it.
        var recipient: String
        var message: String
        /// When its first line came.
        var contentAt: SteadyTime
        var isAccepted: Bool
        /// The final dot got a reply.
        var isAnswered = true
    }

    private struct State {
        var commands: [Command] = []
        var messages: [String] = []
        var deliveries: [Delivery] = []
        /// Senders and recipients that it has refused for good, as they were written.
        var refusals: Set<String> = []
        var keepsCommands = true
    }

    private let state = Mutex(State())
    let clock: EngineClock
    /// What becomes of a command; "." is the end of a message, "CONNECT" a new connection.
    private let answer: Answer

    /// - Parameter sender: Of the mail that the command is about, as MAIL has it.
    typealias Answer =
        @Sendable (_ command: String, _ sender: String, _ now: WallTime) -> RelayAnswer

    /// It offers PIPELINING, so that mails follow one another.
    let isPipelined: Bool

    init(
        clock: EngineClock, isPipelined: Bool, keepsCommands: Bool = true,
        answer: @escaping Answer
    ) {
        self.clock = clock
        self.isPipelined = isPipelined
        self.answer = answer
        state.withLock { $0.keepsCommands = keepsCommands }
    }

    /// One that answers at once; nil closes the connection.
    convenience init(
        clock: EngineClock, isPipelined: Bool,
        replies: @escaping @Sendable (_ command: String, _ now: WallTime) -> String?
    ) {
        self.init(clock: clock, isPipelined: isPipelined) { command, _, now in
            replies(command, now).map { .reply($0) } ?? .close
        }
    }

    /// What a relay replies that accepts everything.
    static func usual(_ command: String) -> String {
        switch command {
        case "DATA": "354 Go ahead"
        case "QUIT": "221 Bye"
        default: "250 2.0.0 Ok"
        }
    }

    var commands: [Command] { state.withLock(\.commands) }
    /// What it has accepted.
    var messages: [String] { state.withLock(\.messages) }

    /// Those since the last call.
    func takeDeliveries() -> [Delivery] {
        state.withLock { state in
            defer { state.deliveries = [] }
            return state.deliveries
        }
    }

    func answer(to line: String, about sender: String = "") -> RelayAnswer {
        let now = clock.wallNow()
        state.withLock { state in
            if state.keepsCommands { state.commands.append(Command(at: now, line: line)) }
        }
        return answer(line, sender, now)
    }

    /// Senders and recipients that it has refused for good, at whatever command.
    var refusals: Set<String> { state.withLock(\.refusals) }

    func noteRefusal(of address: String) {
        _ = state.withLock { $0.refusals.insert(address.lowercased()) }
    }

    func note(_ delivery: Delivery) {
        state.withLock { state in
            state.deliveries.append(delivery)
            if delivery.isAccepted { state.messages.append(delivery.message) }
        }
    }

    /// Connections to it for one process, open at once.
    func dialer(wake: any Signal, _ lifeline: Lifeline) -> ImmediateDialer {
        ImmediateDialer(wake: wake) { [self] in
            if case .reply = answer(to: "CONNECT") {
                return .success(VirtualChannel(self, lifeline))
            }
            return .failure(
                RelayTrouble(
                    kind: .outage, error: DeliveryError(stage: .connect, text: "refused")))
        }
    }
}
