import TestSupport

/// A disk in memory under SQLite: all files that this process opens lie on it.
///
/// It is quick, since no lock and no write is a system call; and its power fails when it is told to, after which only
/// what was synced is certain.
///
/// One thread uses it. https://sqlite.org/vfs.html
final class MemoryDisk {
    /// What a power failure takes of what was not synced.
    enum Loss: String, CaseIterable {
        case all, none
        /// All but half of the first write.
        case torn
        /// Of each sector the one or the other write, in whatever order: a disk has its own.
        case scattered
    }

    nonisolated(unsafe) static let shared = MemoryDisk()

    private(set) var files: [String: MemoryFile] = [:]
    /// The number of the write, sync or truncation, from 0, at which the power fails; nil: it does not.
    var powerFailsAt: Int?
    /// Writes, syncs and truncations so far; with ``countsJournal``, stores to the in-flight journals too.
    private(set) var changes = 0
    private(set) var reads = 0
    /// The power may fail at a store to an in-flight journal.
    var countsJournal = false
    /// Some of its calls fail; nil: none does.
    var breakage: DiskBreakage?
    /// Whoever only looks on: its calls don't count and don't fail.
    var isLookedAt = false
    /// Between a power failure and ``powerIsBack(_:)``.
    private(set) var isDark = false
    /// Handles of before a power failure belong to an earlier one.
    private(set) var life = 0
    /// For SQLite's own randomness: the same for the same seed.
    var randomness: () -> UInt64 = { 0 }
    /// Milliseconds since 1970.
    var now: () -> Int64 = { 0 }

    /// For a new world.
    func clear() {
        files = [:]
        powerFailsAt = nil
        changes = 0
        reads = 0
        countsJournal = false
        breakage = nil
        isDark = false
        life += 1
    }

    func open(_ path: String) -> MemoryFile {
        if let file = files[path] { return file }
        let file = MemoryFile()
        files[path] = file
        return file
    }

    func exists(_ path: String) -> Bool { files[path] != nil }
    func delete(_ path: String) { files[path] = nil }

    /// Asked before each change.
    ///
    /// - Returns: the code with which it fails; nil if it goes on.
    func failure(of kind: Int32) -> Int32? {
        if isDark { return kind }
        if isLookedAt { return nil }
        defer { changes += 1 }
        if let limit = powerFailsAt, changes >= limit {
            isDark = true
            return kind
        }
        return breakage?.code(ofChange: changes, kind)
    }

    /// - Returns: the code with which a read fails; nil if it goes on.
    func readFailure() -> Int32? {
        if isLookedAt { return nil }
        defer { reads += 1 }
        return breakage?.code(ofRead: reads)
    }

    /// A store to an in-flight journal: memory that is mapped, so it fails only with the machine.
    ///
    /// - Returns: false if there is no power.
    func storesToJournal() -> Bool {
        if isDark { return false }
        guard countsJournal else { return true }
        defer { changes += 1 }
        if let limit = powerFailsAt, changes >= limit { isDark = true }
        return !isDark
    }

    /// The machine starts again, with what the platter holds.
    func powerIsBack(_ loss: Loss) {
        var chance = SplitMix64(seed: UInt64(changes))
        for path in files.keys.sorted() { files[path]?.losePower(loss, &chance) }
        powerFailsAt = nil
        isDark = false
        life += 1
    }
}

/// A file: what was written, and how much of that is synced.
final class MemoryFile {
    private(set) var bytes: [UInt8] = []
    private var synced: [UInt8] = []
    /// What was done since, in order.
    private var unsynced: [Change] = []
    private(set) var shared: [UnsafeMutableRawPointer] = []
    /// The lock level of each handle, by its number: SHARED 1, RESERVED 2, PENDING 3, EXCLUSIVE 4.
    private var levels: [Int: Int32] = [:]
    /// Slots of the shared memory's locks: who has each shared, and who has it alone.
    private var slots = [(shared: Set<Int>, owner: Int?)](repeating: ([], nil), count: 8)

    private enum Change {
        /// Its octets, where the power may fail.
        case write(Range<Int>, [UInt8])
        case truncation(Int)
    }

    deinit { for region in shared { region.deallocate() } }

    // MARK: Bytes

    /// - Returns: how many there were.
    func read(into target: UnsafeMutableRawBufferPointer, at offset: Int) -> Int {
        let count = max(0, min(target.count, bytes.count - offset))
        guard count > 0 else { return 0 }
        bytes.withUnsafeBytes { source in
            target.copyMemory(
                from: UnsafeRawBufferPointer(rebasing: source[offset..<offset + count]))
        }
        return count
    }

    func write(_ source: UnsafeRawBufferPointer, at offset: Int) {
        let end = offset + source.count
        if bytes.count < end {
            bytes.append(contentsOf: repeatElement(0, count: end - bytes.count))
        }
        bytes.withUnsafeMutableBytes { target in
            UnsafeMutableRawBufferPointer(rebasing: target[offset..<end]).copyMemory(from: source)
        }
        let keepsOctets = MemoryDisk.shared.powerFailsAt != nil
        unsynced.append(.write(offset..<end, keepsOctets ? [UInt8](source) : []))
    }

    func truncate(to size: Int) {
        if size < bytes.count { bytes.removeSubrange(size...) }
        unsynced.append(.truncation(size))
    }

    func sync() {
        guard !unsynced.isEmpty else { return }
        synced = bytes
        unsynced.removeAll(keepingCapacity: true)
    }

    func losePower(_ loss: MemoryDisk.Loss, _ chance: inout SplitMix64) {
        switch loss {
        case .none: break
        case .all: bytes = synced
        case .torn: tear()
        case .scattered: scatter(&chance)
        }
        synced = bytes
        unsynced = []
        levels = [:]
        slots = slots.map { _ in ([], nil) }
        for region in shared { region.deallocate() }
        shared = []
    }

    /// Half of the first write since the last sync arrived, and nothing after it.
    private func tear() {
        bytes = synced
        for case .write(let range, let octets) in unsynced {
            return arrive(octets.prefix(range.count / 2), at: range.lowerBound)
        }
    }

    /// Of each write since the last sync, and of each of its sectors, chance says whether it arrived.
    private func scatter(_ chance: inout SplitMix64) {
        bytes = synced
        for change in unsynced {
            switch change {
            case .truncation(let size):
                if size < bytes.count, Bool.random(using: &chance) { bytes.removeSubrange(size...) }
            case .write(let range, let octets):
                var start = range.lowerBound
                while start < range.upperBound {
                    let end = min(range.upperBound, (start / Self.sector + 1) * Self.sector)
                    let part = octets[start - range.lowerBound..<end - range.lowerBound]
                    if Bool.random(using: &chance) { arrive(part, at: start) }
                    start = end
                }
            }
        }
    }

    private static let sector = 512

    private func arrive(_ octets: ArraySlice<UInt8>, at offset: Int) {
        let end = offset + octets.count
        if bytes.count < end {
            bytes.append(contentsOf: repeatElement(0, count: end - bytes.count))
        }
        bytes.replaceSubrange(offset..<end, with: octets)
    }

    // MARK: Locks

    /// - Returns: false if another handle stands in the way.
    func lock(_ level: Int32, _ handle: Int) -> Bool {
        let others = levels.filter { $0.key != handle }.map(\.value).max() ?? 0
        let isFree =
            switch level {
            case 1: others < 3
            case 2: others < 2
            default: others < 1
            }
        if isFree { levels[handle] = max(level, levels[handle] ?? 0) }
        return isFree
    }

    func unlock(to level: Int32, _ handle: Int) { levels[handle] = level == 0 ? nil : level }
    var isReserved: Bool { levels.values.contains { $0 >= 2 } }

    func region(_ number: Int, size: Int, extends: Bool) -> UnsafeMutableRawPointer? {
        while shared.count <= number {
            guard extends else { return nil }
            let region = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 64)
            region.initializeMemory(as: UInt8.self, repeating: 0, count: size)
            shared.append(region)
        }
        return shared[number]
    }

    func lockSlots(_ range: Range<Int>, alone: Bool, _ handle: Int) -> Bool {
        for slot in range {
            if let owner = slots[slot].owner, owner != handle { return false }
            if alone, slots[slot].shared.contains(where: { $0 != handle }) { return false }
        }
        for slot in range {
            if alone {
                slots[slot].owner = handle
            } else {
                slots[slot].shared.insert(handle)
            }
        }
        return true
    }

    func unlockSlots(_ range: Range<Int>, alone: Bool, _ handle: Int) {
        for slot in range {
            if alone {
                if slots[slot].owner == handle { slots[slot].owner = nil }
            } else {
                slots[slot].shared.remove(handle)
            }
        }
    }
}
