import Delivery
import Glibc
import SMTP

/// Drives a dialogue over a connection, as the sending thread does, but waiting for one alone.
struct Driver {
    let connection: RelayConnection
    private var buffer = [UInt8](repeating: 0, count: 16_384)

    init(_ connection: RelayConnection) {
        self.connection = connection
    }

    /// - Parameter follower: Its commands go out behind the dot.
    mutating func run(_ dialogue: inout Dialogue, follower: Dialogue? = nil) -> DialogueEnd {
        while true {
            switch dialogue.next() {
            case .write(let bytes, let timeout):
                do throws(ConnectionLost) {
                    let count = try connection.send(bytes)
                    dialogue.wrote(count)
                    if count == 0 { read(&dialogue, timeout, POLLIN | POLLOUT) }
                } catch {
                    read(&dialogue, .zero, POLLIN)
                    dialogue.closed(error.reason)
                }
            case .read(let timeout): read(&dialogue, timeout, POLLIN)
            case .announceDot:
                dialogue.announced(true)
                if let follower { dialogue.append(commandsOf: follower) }
            case .end(let end): return end
            }
        }
    }

    private mutating func read(_ dialogue: inout Dialogue, _ timeout: Duration, _ events: Int32) {
        do throws(ConnectionLost) {
            if try receive(&dialogue) { return }
            var entry = pollfd(fd: connection.socket, events: Int16(events), revents: 0)
            if poll(&entry, 1, Int32(timeout.inMilliseconds)) == 0 { dialogue.timedOut() }
            _ = try receive(&dialogue)
        } catch {
            dialogue.closed(error.reason)
        }
    }

    /// Everything that is there; false if that is nothing.
    private mutating func receive(_ dialogue: inout Dialogue) throws(ConnectionLost) -> Bool {
        var isAny = false
        while let count = try connection.receive(into: &buffer) {
            guard count > 0 else {
                dialogue.closed("the relay closed the connection")
                return true
            }
            isAny = true
            dialogue.received(buffer[..<count])
        }
        return isAny
    }
}
