import CFork
import Glibc
import TestSupport

/// Work on a stack of its own, in the thread of whoever runs it: it stops in the middle and goes on there later.
final class Fiber {
    private let stack: OpaquePointer
    private let memory: UnsafeMutableRawPointer
    private var work: (() -> Void)?
    /// It has stopped in the middle of its work.
    private(set) var isStopped = false
    /// The one whose stack is in use.
    nonisolated(unsafe) private static var current: Fiber?

    /// A debug build needs much more than a release.
    private static let size = 1 << 20

    /// - Throws: ``SystemCallError``: no memory.
    init() throws {
        memory = .allocate(byteCount: Self.size, alignment: 4_096)
        guard let stack = outboxd_stack_make(memory, Self.size, { Fiber.live() }) else {
            memory.deallocate()
            throw SystemCallError("calloc", number: errno)
        }
        self.stack = stack
    }

    deinit {
        outboxd_stack_free(stack)
        memory.deallocate()
    }

    /// Whether the work that calls this is a fiber's.
    static var isRunning: Bool { current != nil }
    /// Whether it is this one's.
    var isRunning: Bool { Self.current === self }

    /// Begins some work: until it stops, or is over.
    func run(_ work: @escaping () -> Void) {
        self.work = work
        goOn()
    }

    /// Goes on where it stopped.
    func goOn() {
        isStopped = false
        Self.current = self
        outboxd_stack_enter(stack)
        Self.current = nil
    }

    /// Called by the work: its owner goes on, and this returns when the work is to.
    func stop() {
        isStopped = true
        outboxd_stack_leave(stack)
    }

    /// One piece of work after the other; what it leaves never returns.
    private static func live() {
        while let fiber = current {
            fiber.work?()
            fiber.work = nil
            outboxd_stack_leave(fiber.stack)
        }
    }
}
