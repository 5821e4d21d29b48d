import Glibc

/// Runs `body` on a new thread of the system's.
///
/// Servers and readers of pipes block, which the threads of Swift's concurrency must not.
func startThread(_ body: @escaping @Sendable () -> Void) throws {
    let box = Unmanaged.passRetained(ThreadBody(run: body))
    var thread = pthread_t()
    let failure = pthread_create(
        &thread, nil,
        { argument in
            if let argument {
                Unmanaged<ThreadBody>.fromOpaque(argument).takeRetainedValue().run()
            }
            return nil
        }, box.toOpaque())
    guard failure == 0 else {
        box.release()
        throw SystemCallError("pthread_create", number: failure)
    }
    pthread_detach(thread)
}

private final class ThreadBody {
    let run: @Sendable () -> Void
    init(run: @escaping @Sendable () -> Void) { self.run = run }
}

/// Runs work that blocks (the waits of this module) on a thread of its own, for async tests.
package func blocking<Result: Sendable>(
    _ work: @escaping @Sendable () -> Result
) async throws -> Result {
    try await withCheckedThrowingContinuation { continuation in
        do {
            try startThread { continuation.resume(returning: work()) }
        } catch {
            continuation.resume(throwing: error)
        }
    }
}
