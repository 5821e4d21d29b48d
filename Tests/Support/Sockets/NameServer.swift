import Glibc
import Synchronization

/// A name server for one name's sake, on an address of its own in 127.0.0.0/8 (RFC 1035, section 4).
///
/// It needs port 53, and so root.
package final class NameServer: Sendable {
    package enum Answer: Sendable {
        /// There is no such name (NXDOMAIN).
        case none
        /// The server can't say (SERVFAIL): "temporary failure in name resolution".
        case failure
        case ipv4([UInt8])
        case ipv6([UInt8])
    }

    /// The address, such as `127.91.3.44`.
    package let address: String
    private let descriptor: Int32
    private let state = Monitor(State())

    private struct State {
        var answer = Answer.none
        var questions = 0
        var isOver = false
    }

    package init(_ answer: Answer) throws {
        let octets: [UInt8] = [127, 91, .random(in: 1...254), .random(in: 1...254)]
        address = octets.map(String.init).joined(separator: ".")
        let type = Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue)
        descriptor = try check(socket(AF_INET, type, 0), "socket")
        var place = sockaddr_in()
        place.sin_family = sa_family_t(AF_INET)
        place.sin_port = UInt16(53).bigEndian
        withUnsafeMutableBytes(of: &place.sin_addr) { $0.copyBytes(from: octets) }
        do {
            let result = withUnsafePointer(to: &place) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
                }
            }
            try check(result, "bind \(address):53")
            try startThread { [descriptor, state] in Self.serve(descriptor, state) }
        } catch {
            close(descriptor)
            throw error
        }
        self.answer = answer
    }

    package var answer: Answer {
        get { state.read(\.answer) }
        set { state.update { $0.answer = newValue } }
    }

    /// Blocks until it was asked so often.
    package func waitForQuestions(_ count: Int, timeout: Duration = .seconds(20)) -> Bool {
        state.wait(timeout: timeout) { $0.questions >= count }
    }

    package var questions: Int { state.read(\.questions) }

    package func stop() {
        state.update { $0.isOver = true }
    }

    deinit { stop() }

    private static func serve(_ descriptor: Int32, _ state: Monitor<State>) {
        var question = [UInt8](repeating: 0, count: 512)
        while !state.read(\.isOver) {
            var wanted = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            guard poll(&wanted, 1, 100) > 0 else { continue }
            var asker = sockaddr_storage()
            var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
            withUnsafeMutablePointer(to: &asker) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                    let count = recvfrom(descriptor, &question, question.count, 0, address, &length)
                    guard count > 0 else { return }
                    let answer = state.update { state in
                        state.questions += 1
                        return state.answer
                    }
                    if let reply = reply(to: Array(question[..<count]), answer) {
                        _ = sendto(descriptor, reply, reply.count, 0, address, length)
                    }
                }
            }
        }
        close(descriptor)
    }

    /// - Returns: nil where the question is none.
    private static func reply(to question: [UInt8], _ answer: Answer) -> [UInt8]? {
        // The header has 12 octets; the name is made of labels with their lengths, and 0; type and class follow.
        var end = 12
        while end < question.count, question[end] != 0 { end += Int(question[end]) + 1 }
        guard end + 5 <= question.count else { return nil }
        let type = question[end + 2]
        let (code, record): (UInt8, [UInt8]) =
            switch answer {
            case .none: (3, [])
            case .failure: (2, [])
            case .ipv4(let octets): (0, type == 1 ? [0, 1, 0, 1, 0, 0, 0, 60, 0, 4] + octets : [])
            case .ipv6(let octets):
                (0, type == 28 ? [0, 28, 0, 1, 0, 0, 0, 60, 0, 16] + octets : [])
            }
        let header: [UInt8] = [0x85, 0x80 | code, 0, 1, 0, record.isEmpty ? 0 : 1, 0, 0, 0, 0]
        let name: [UInt8] = record.isEmpty ? [] : [0xC0, 12]
        return question[..<2] + header + question[12..<end + 5] + name + record
    }
}
