import Delivery
import Glibc
import Synchronization

/// What a child has written, and waiting for it.
extension ChildProcess {
    /// All of its standard output up to now.
    package var output: String { text(.output) }

    /// All of its standard error up to now.
    package var errors: String { text(.errors) }

    /// All of a stream up to now, as octets.
    package func octets(_ stream: Stream) -> [UInt8] {
        state.read { $0.text[stream, default: []] }
    }

    /// Blocks until it has ended and all that it wrote has been read.
    ///
    /// For the latter no longer than 2 s: a grandchild may hold the stream open.
    ///
    /// - Returns: nil when the time has run out; it still runs then.
    package func waitForExit(timeout: Duration = .seconds(10)) -> Exit? {
        guard state.wait(timeout: timeout, until: { $0.exit != nil }) else { return nil }
        _ = state.wait(timeout: .seconds(2)) { $0.isOver }
        return exit
    }

    /// Blocks until it has written that text, or has ended without it.
    ///
    /// - Returns: whether it has.
    package func waitForOutput(
        _ text: String, in stream: Stream = .errors, timeout: Duration = .seconds(10)
    ) -> Bool {
        let search = Mutex(TextSearch(text))
        _ = state.wait(timeout: timeout) { state in
            let found = search.withLock { $0.isIn(state.text[stream, default: []]) }
            return found || !state.open.contains(stream)
        }
        return search.withLock { search in
            state.read { search.isIn($0.text[stream, default: []]) }
        }
    }

    private func text(_ stream: Stream) -> String {
        String(decoding: octets(stream), as: UTF8.self)
    }
}

/// Looks for a text in octets that only grow, and at each only once.
private struct TextSearch {
    private let wanted: [UInt8]
    private var searched = 0
    private var isFound = false

    init(_ text: String) {
        wanted = Array(text.utf8)
    }

    mutating func isIn(_ octets: [UInt8]) -> Bool {
        guard !isFound, let first = wanted.first else { return true }
        octets.withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress else { return }
            while searched + wanted.count <= bytes.count {
                let room = bytes.count - searched - wanted.count + 1
                guard let found = memchr(base + searched, Int32(first), room) else {
                    searched += room
                    return
                }
                searched = UnsafeRawPointer(found) - base
                if memcmp(found, wanted, wanted.count) == 0 {
                    isFound = true
                    return
                }
                searched += 1
            }
        }
        return isFound
    }
}
