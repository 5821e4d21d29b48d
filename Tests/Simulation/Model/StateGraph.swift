import Glibc
import TestSupport

/// The states that were found, and the steps between them: in memory that forked processes share.
///
/// One of them writes at a time.
final class StateGraph {
    struct Edge {
        var from: UInt32
        var to: UInt32
        /// The place of the step among the source's steps.
        var step: UInt16
        var isFault: Bool
    }

    private struct Counts {
        var states = 0
        var edges = 0
        var ends = 0
        var from: UInt32 = 0
        var length = 0
    }

    private let counts: UnsafeMutablePointer<Counts>
    /// Open addressing: a state's hash, or 0, and its number.
    private let hashes: UnsafeMutablePointer<UInt64>
    private let numbers: UnsafeMutablePointer<UInt32>
    private let edges: UnsafeMutablePointer<Edge>
    private let isEnd: UnsafeMutablePointer<Bool>
    /// The way that is followed: the places of its steps.
    private let way: UnsafeMutablePointer<UInt16>
    /// Why it has failed, with a zero at the end.
    private let failure: UnsafeMutablePointer<CChar>

    static let most = 1 << 22
    private static let slots = 1 << 23
    private static let mostEdges = 1 << 24
    private static let longestWay = 1 << 16
    private static let longestText = 1 << 14

    struct Full: Error {}

    init() throws {
        counts = try Self.share(1, of: Counts())
        hashes = try Self.share(Self.slots)
        numbers = try Self.share(Self.slots)
        edges = try Self.share(Self.mostEdges)
        isEnd = try Self.share(Self.most)
        way = try Self.share(Self.longestWay)
        failure = try Self.share(Self.longestText)
    }

    /// Zeroes; pages that nobody touches take no memory.
    private static func share<T>(_ count: Int, of first: T? = nil) throws -> UnsafeMutablePointer<T>
    {
        let size = count * MemoryLayout<T>.stride
        let memory = mmap(
            nil, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)
        guard let memory, memory != MAP_FAILED else { throw SystemCallError("mmap") }
        let typed = memory.bindMemory(to: T.self, capacity: count)
        if let first { typed.initialize(to: first) }
        return typed
    }

    var states: Int { counts.pointee.states }
    var transitions: Int { counts.pointee.edges }
    /// States in which all is done.
    var ends: Int { counts.pointee.ends }

    // MARK: Being followed

    /// The last of the steps is about to be taken, from this state.
    func goes(_ steps: [Int], from state: UInt32) {
        (counts.pointee.from, counts.pointee.length) = (state, steps.count)
        for (place, step) in steps.suffix(Self.longestWay).enumerated() {
            way[place] = UInt16(step)
        }
    }

    /// The way that was followed last, and the state before its last step.
    var followed: (way: [Int], from: UInt32) {
        ((0..<counts.pointee.length).map { Int(way[$0]) }, counts.pointee.from)
    }

    func fail(_ text: String) {
        for (place, octet) in text.utf8.prefix(Self.longestText - 1).enumerated() {
            failure[place] = CChar(bitPattern: octet)
        }
    }

    /// Why the way that was followed last has failed; empty: its process has crashed.
    var text: String { String(cString: failure) }

    // MARK: States

    /// - Returns: the state's number, and whether it was not known.
    func insert(_ hash: UInt64, isEnd end: Bool) throws -> (number: UInt32, isNew: Bool) {
        let hash = hash == 0 ? 1 : hash
        var slot = Int(truncatingIfNeeded: hash & UInt64(Self.slots - 1))
        while hashes[slot] != 0 {
            if hashes[slot] == hash { return (numbers[slot], false) }
            slot = (slot + 1) & (Self.slots - 1)
        }
        guard states < Self.most else { throw Full() }
        let number = UInt32(states)
        hashes[slot] = hash
        numbers[slot] = number
        isEnd[Int(number)] = end
        counts.pointee.states += 1
        if end { counts.pointee.ends += 1 }
        return (number, true)
    }

    func connect(_ edge: Edge) throws {
        guard transitions < Self.mostEdges else { throw Full() }
        edges[transitions] = edge
        counts.pointee.edges += 1
    }

    /// Of a state from which no end can be reached without another fault; nil if there is none.
    func stuck() -> UInt32? {
        var before: [[UInt32]] = Array(repeating: [], count: states)
        for place in 0..<transitions where !edges[place].isFault {
            before[Int(edges[place].to)].append(edges[place].from)
        }
        var reaches = (0..<states).map { isEnd[$0] }
        var todo = (0..<states).filter { reaches[$0] }
        while let next = todo.popLast() {
            for state in before[next] where !reaches[Int(state)] {
                reaches[Int(state)] = true
                todo.append(Int(state))
            }
        }
        return reaches.firstIndex(of: false).map(UInt32.init)
    }

    /// The shortest way from the first state that was found: the places of its steps.
    func way(to state: UInt32) -> [Int] {
        var after: [[Edge]] = Array(repeating: [], count: states)
        for place in 0..<transitions { after[Int(edges[place].from)].append(edges[place]) }
        var cameBy: [Edge?] = Array(repeating: nil, count: states)
        var todo: [UInt32] = [0]
        var next = 0
        while next < todo.count, todo[next] != state {
            for edge in after[Int(todo[next])] where edge.to != 0 && cameBy[Int(edge.to)] == nil {
                cameBy[Int(edge.to)] = edge
                todo.append(edge.to)
            }
            next += 1
        }
        var way: [Int] = []
        var place = state
        while let edge = cameBy[Int(place)] {
            way.insert(Int(edge.step), at: 0)
            place = edge.from
        }
        return way
    }

    /// The shortest way to each state, in steps; the longest of them.
    var depth: Int {
        var after: [[UInt32]] = Array(repeating: [], count: states)
        for place in 0..<transitions {
            after[Int(edges[place].from)].append(edges[place].to)
        }
        var depths = Array(repeating: -1, count: states)
        depths[0] = 0
        var (todo, next): ([UInt32], Int) = ([0], 0)
        while next < todo.count {
            let state = Int(todo[next])
            for to in after[state] where depths[Int(to)] < 0 {
                depths[Int(to)] = depths[state] + 1
                todo.append(to)
            }
            next += 1
        }
        return depths.max() ?? 0
    }
}
