import Glibc
import Synchronization

/// One connection of a client's: reads commands, asks the script, answers.
final class RelaySession {
    /// A mail under way, from MAIL to the final dot.
    struct Transaction {
        var sender: String
        var parameters: [String]
        var recipients: [String] = []
        var mailAt: Moment
    }
    enum Ending { case close, reset }

    let core: RelayCore
    let listener: RelayListener
    let configuration: RelayConfiguration
    let number: Int
    private let descriptor: Int32

    let input = InputBuffer()
    private var output: [UInt8] = []
    /// Accepted transfers whose reply stands in `output`.
    private var acceptances: [Int] = []

    /// Set by EHLO and HELO.
    var isGreeted = false
    var isExtended = false
    /// STARTTLS was answered with 220.
    var isInTLS = false
    /// The greeting was no welcome: only QUIT is left (RFC 5321, section 3.1).
    var isTurnedAway = false
    var user: String?
    var transaction: Transaction?
    var messages = 0
    /// The place in the record of the message whose dot is being answered.
    var transfer: Int?
    /// That message was longer than allowed and has not been kept.
    var isOversized = false
    var ending: Ending?

    init(_ core: RelayCore, _ listener: RelayListener, descriptor: Int32, number: Int) {
        self.core = core
        self.listener = listener
        self.descriptor = descriptor
        self.number = number
        configuration = core.configuration.withLock { $0 }
    }

    func run() {
        if isInputWaiting { note(breach: "spoke before the greeting") }
        answer(RelayCommand(.connect))
        while ending == nil, let line = nextLine() {
            let command = RelayCommand(line: line)
            noteCommand(command)
            answer(command)
        }
        flush()
        listener.end(number, reset: ending == .reset)
    }

    func note(breach: String) {
        core.note(breach: breach, connection: number)
    }

    /// The next line of the client's; nil at the end of the connection.
    ///
    /// Whatever has been answered goes out before this waits: replies to a pipelined group travel
    /// together.
    func nextLine() -> String? {
        while true {
            if let end = input.endOfLine() {
                var line = input.take(end).dropLast()
                if line.last == 13 { line.removeLast() } else { note(breach: "a bare LF") }
                return String(decoding: line, as: UTF8.self)
            }
            guard input.count < 65_536 else {
                send(RelayReply(500, "5.5.2", "Line too long"))
                ending = .close
                return nil
            }
            guard fill() else { return nil }
        }
    }

    /// Sends what is to be sent, then waits for more input.
    ///
    /// - Returns: false at the end of the connection.
    func fill() -> Bool {
        flush()
        if ending == nil && !input.fill(from: descriptor) { ending = .close }
        return ending == nil
    }

    func send(_ reply: RelayReply) {
        send(octets(of: reply))
    }

    /// As transferred.
    func octets(of reply: RelayReply) -> [UInt8] {
        reply.octets(
            withEnhancedCode: configuration.extensions.contains(.enhancedStatusCodes))
    }

    func send(_ octets: [UInt8]) {
        output += octets
    }

    /// The acceptance of this transfer has been put in the output.
    func sendsAcceptance(of transfer: Int) {
        acceptances.append(transfer)
    }

    func flush() {
        var sent = 0
        while sent < output.count {
            let count = output[sent...].withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            if count < 0 && errno == EINTR { continue }
            if count < 0 {
                ending = ending ?? .close
                takeBackAcceptances()
                break
            }
            sent += count
        }
        output.removeAll(keepingCapacity: true)
        acceptances.removeAll(keepingCapacity: true)
    }

    /// Something has come that was not read yet.
    var isInputWaiting: Bool {
        var octet: UInt8 = 0
        let flags = Int32(MSG_PEEK | MSG_DONTWAIT)
        return !input.isEmpty || recv(descriptor, &octet, 1, flags) > 0
    }

    private func takeBackAcceptances() {
        guard !acceptances.isEmpty else { return }
        core.record.update { record in
            for transfer in acceptances { record.transfers[transfer].isReplied = false }
        }
    }
}
