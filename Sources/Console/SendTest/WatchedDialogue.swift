internal import Delivery
internal import SMTP
internal import Service

/// Drives one mail's dialogue over an open connection, waiting for it alone, and shows it.
struct WatchedDialogue {
    private let connection: RelayConnection
    private let view: DialogueView
    private var buffer = [UInt8](repeating: 0, count: 16_384)
    private var unshown: [UInt8] = []
    private var since = ContinuousClock.now

    init(_ connection: RelayConnection, _ view: DialogueView) {
        self.connection = connection
        self.view = view
    }

    mutating func run(_ dialogue: inout Dialogue) -> DialogueEnd {
        while true {
            let stage = dialogue.stage
            switch dialogue.next() {
            case .write(let bytes, let timeout): write(bytes, timeout, &dialogue)
            case .read(let timeout): read(&dialogue, timeout)
            case .announceDot: dialogue.announced(true)
            case .end(let end):
                took(stage)
                return end
            }
            if dialogue.stage != stage { took(stage) }
        }
    }

    /// The time up to the message's first octet is the commands', the rest the message's.
    private mutating func took(_ stage: Stage) {
        let now = ContinuousClock.now
        view.took(stage == .body || stage == .final ? "the message" : "MAIL to DATA", now - since)
        since = now
    }

    private mutating func write(
        _ bytes: ArraySlice<UInt8>, _ timeout: Duration, _ dialogue: inout Dialogue
    ) {
        do throws(ConnectionLost) {
            let count = try connection.send(bytes)
            show(sent: bytes.prefix(count), dialogue.stage)
            dialogue.wrote(count)
            guard count == 0 else { return }
            wait(timeout, writing: true, &dialogue)
        } catch {
            // What the relay had to say may explain why it is gone.
            _ = receive(&dialogue)
            dialogue.closed(error.reason)
        }
    }

    private func show(sent bytes: ArraySlice<UInt8>, _ stage: Stage) {
        guard !bytes.isEmpty else { return }
        guard stage != .body, stage != .final else {
            return view.describe("the message, \(bytes.count) octets")
        }
        for line in bytes.split(separator: 0x0A) {
            view.sent(ReplyText.clean(line.last == 0x0D ? line.dropLast() : line))
        }
    }

    private mutating func read(_ dialogue: inout Dialogue, _ timeout: Duration) {
        if receive(&dialogue) { return }
        wait(timeout, writing: false, &dialogue)
        _ = receive(&dialogue)
    }

    private func wait(_ timeout: Duration, writing: Bool, _ dialogue: inout Dialogue) {
        if Waiting.poll([connection.socket], writing: writing, timeout: timeout) != [true] {
            dialogue.timedOut()
        }
    }

    /// Everything that is there; false if that is nothing.
    private mutating func receive(_ dialogue: inout Dialogue) -> Bool {
        var isAny = false
        do throws(ConnectionLost) {
            while let count = try connection.receive(into: &buffer) {
                guard count > 0 else {
                    dialogue.closed("the relay closed the connection")
                    return true
                }
                isAny = true
                show(received: buffer[..<count])
                dialogue.received(buffer[..<count])
            }
        } catch {
            dialogue.closed(error.reason)
            return true
        }
        return isAny
    }

    /// Whole lines; a line that does not end is shown when it is as long as one may be.
    private mutating func show(received bytes: ArraySlice<UInt8>) {
        unshown += bytes
        while let end = unshown.firstIndex(of: 0x0A) {
            view.received(ReplyText.clean(unshown[..<end].filter { $0 != 0x0D }))
            unshown.removeSubrange(...end)
        }
        guard unshown.count > ReplyReader.lineLimit else { return }
        view.received(ReplyText.clean(unshown))
        unshown = []
    }
}
