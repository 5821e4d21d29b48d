import Glibc

/// One connection to a ``TimingSink``: takes what has come, and says what to answer.
///
/// Correct clients only: nothing is checked. Commands may come several at once (RFC 2920).
final class SinkSession {
    let descriptor: Int32
    /// What is to be written next.
    var replies: [UInt8] = []
    /// Messages that `replies` accept, and those of timed recipients among them.
    var accepted = 0
    var timed: [String] = []
    private(set) var isOver = false

    private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 17, alignment: 8)
    private var used = 0
    private var isContent = false
    private var hasRecipient = false
    private var timedRecipient: String?

    init(descriptor: Int32) {
        self.descriptor = descriptor
        replies = Array("220 sink.test\r\n".utf8)
    }

    deinit { buffer.deallocate() }

    func receive() {
        guard let base = buffer.baseAddress else { return }
        let count = recv(
            descriptor, base + used, buffer.count - used, Int32(MSG_DONTWAIT))
        if count < 0 && (errno == EAGAIN || errno == EINTR) { return }
        guard count > 0 else { return isOver = true }
        used += count
        var start = 0
        while start < used, let found = memchr(base + start, 10, used - start) {
            let end = UnsafeMutableRawPointer(found) - base
            take(UnsafeRawBufferPointer(rebasing: buffer[start..<end]))
            start = end + 1
        }
        memmove(base, base + start, used - start)
        used -= start
        // A line as long as the buffer: no client of ours.
        if used == buffer.count { isOver = true }
    }

    /// - Parameter line: with its carriage return.
    private func take(_ line: UnsafeRawBufferPointer) {
        if !isContent { return command(line) }
        guard line.count == 2, line[0] == UInt8(ascii: ".") else { return }
        isContent = false
        accepted += 1
        if let timedRecipient { timed.append(timedRecipient) }
        reply("250 2.0.0 taken\r\n")
    }

    private func command(_ line: UnsafeRawBufferPointer) {
        switch line.first.map({ $0 & 0xdf }) {
        case UInt8(ascii: "E"): reply(Self.greeting)
        case UInt8(ascii: "M"):
            (hasRecipient, timedRecipient) = (false, nil)
            reply("250 2.1.0 fine\r\n")
        case UInt8(ascii: "R") where line.count > 4 && line[1] & 0xdf == UInt8(ascii: "C"):
            recipient(String(decoding: line, as: UTF8.self))
        case UInt8(ascii: "D") where hasRecipient:
            isContent = true
            reply("354 go on\r\n")
        case UInt8(ascii: "D"): reply("554 5.5.1 no recipient\r\n")
        case UInt8(ascii: "Q"):
            isOver = true
            reply("221 2.0.0 bye\r\n")
        default: reply("250 2.0.0 fine\r\n")
        }
    }

    /// `RCPT TO:<ann@example.test>`.
    private func recipient(_ line: String) {
        guard let from = line.firstIndex(of: "<"), let to = line[from...].firstIndex(of: ">")
        else { return reply("501 5.5.2 what?\r\n") }
        let address = line[line.index(after: from)..<to]
        if address.hasPrefix(TimingSink.deferred) { return reply("451 4.2.0 not now\r\n") }
        hasRecipient = true
        if address.hasPrefix(TimingSink.timed) { timedRecipient = String(address) }
        reply("250 2.1.5 fine\r\n")
    }

    private func reply(_ text: StaticString) {
        text.withUTF8Buffer { replies += $0 }
    }

    private static let greeting: StaticString =
        "250-sink.test\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 ENHANCEDSTATUSCODES\r\n"
}
