import Delivery
import Glibc
import Service
import Synchronization

@testable import Engine

/// In-flight journals in memory: they outlive the processes that wrote them, and a ``Lifeline`` says which of
/// those live.
final class VirtualJournals: Sendable {
    private struct Entry {
        var bytes: MappedBytes
        var layout: JournalLayout
        var bootID: String
        var lifeline: Lifeline
        /// Its first page as it was when it was made; all others were empty.
        var first: [UInt8]
    }
    private let entries = Mutex<[String: Entry]>([:])
    private let made = Mutex(0)

    /// The machine has started again.
    func losePower(_ loss: JournalLoss) {
        entries.withLock { entries in
            switch loss {
            case .kept: break
            case .stale:
                for (_, entry) in entries.sorted(by: { $0.key < $1.key }) {
                    entry.bytes.base.initializeMemory(
                        as: UInt8.self, repeating: 0, count: entry.layout.size)
                    entry.bytes.base.copyMemory(from: entry.first, byteCount: entry.first.count)
                }
            case .gone: entries = [:]
            }
        }
    }

    /// What stands in each, by the number of its process.
    var memories: [Int: JournalMemory] {
        entries.withLock { entries in
            Dictionary(
                uniqueKeysWithValues: entries.values.map {
                    ($0.lifeline.number, JournalMemory(bytes: $0.bytes, layout: $0.layout))
                })
        }
    }

    /// As one process sees them.
    func of(_ lifeline: Lifeline) -> any Journals { View(all: self, lifeline: lifeline) }

    private struct View: Journals {
        let all: VirtualJournals
        let lifeline: Lifeline

        func create(
            connections: Int, bootID: String, lease: Duration
        ) throws(SystemError) -> InFlightJournal {
            let layout = JournalLayout(connections: connections)
            let bytes = try MappedBytes(size: layout.size)
            let memory = JournalMemory(bytes: bytes, layout: layout)
            memory.writeHeader(bootID: bootID, lease: lease, nameNumber: 0)
            let lifeline = lifeline
            // Never one that was there before: it would pass for the dead process's.
            let name = all.made.withLock { made in
                made += 1
                return "journal-\(made)"
            }
            all.entries.withLock { entries in
                entries[name] = Entry(
                    bytes: bytes, layout: layout, bootID: bootID, lifeline: lifeline,
                    first: Array(UnsafeRawBufferPointer(start: bytes.base, count: 4_096)))
            }
            return InFlightJournal(
                name: name, place: Place(all: all, name: name), memory: memory
            ) { write in
                // It beats at each turn: no point of its own.
                if write == .beat { return !lifeline.isCut }
                return lifeline.passes(.slot(write)) && MemoryDisk.shared.storesToJournal()
            }
        }

        func owner(of name: String, isRegistered: Bool, at now: WallTime) -> ForeignJournal.Owner {
            lifeline.stand(at: .inquiry)
            guard let entry = all.entries.withLock({ $0[name] }) else { return .gone }
            let memory = JournalMemory(bytes: entry.bytes, layout: entry.layout)
            let journal = ForeignJournal(memory: memory, bootID: entry.bootID) { [all] in
                all.remove(name)
                return nil
            }
            return entry.lifeline.isCut ? .dead(journal) : .alive(journal)
        }

        var names: [String] { all.entries.withLock { $0.keys.sorted() } }
    }

    private struct Place: JournalPlace {
        let all: VirtualJournals
        let name: String

        func check() throws(JournalGone) {
            if all.entries.withLock({ $0[name] == nil }) { throw .deleted }
        }

        func remove() { all.remove(name) }
    }

    private func remove(_ name: String) { entries.withLock { $0[name] = nil } }
}

private final class MappedBytes: JournalBytes, @unchecked Sendable {
    let base: UnsafeMutableRawPointer
    let isWritable = true
    let isDamaged = false

    private let size: Int

    /// Zeroes, as in a file; pages that nobody touches take no memory, which a ``Model`` would copy at each fork.
    init(size: Int) throws(SystemError) {
        let mapped = mmap(nil, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
        guard let mapped, mapped != MAP_FAILED else { throw SystemError(call: "mmap", code: errno) }
        (base, self.size) = (mapped, size)
    }

    deinit { munmap(base, size) }
}
