import Delivery
import Synchronization

@testable import Engine

/// The hash of everything that happened (FNV-1a), and how much that was.
final class EventLog: Sendable {
    private let state = Mutex((hash: FNV1a64(), count: 0, lines: [String]()))
    private let keepsLines: Bool

    init(keepsLines: Bool) { self.keepsLines = keepsLines }

    var hash: UInt64 { state.withLock(\.hash.value) }
    var count: Int { state.withLock(\.count) }
    /// All of it, if it is kept.
    var lines: [String] { state.withLock(\.lines) }

    /// - Parameter shown: What a reader sees instead of it.
    func add(_ text: String, shown: String? = nil) {
        if keepsLines { state.withLock { $0.lines.append(shown ?? text) } }
        state.withLock { state in
            state.hash.combine(text)
            state.count += 1
        }
    }

    func add(_ event: EngineEvent) {
        if case .measured = event { return }
        let text = "\(event)"
        // A copy that is kept is told as an array of its octets.
        add(
            text, shown: keepsLines ? text.replacing(/message: \[[0-9, ]*\]/, with: "message") : nil
        )
    }
}
