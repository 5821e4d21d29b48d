import Glibc
import Synchronization

/// A thread of the operating system, for work that blocks: it must not occupy a thread of the
/// cooperative pool.
package final class OSThread: Sendable {
    private let handle: Mutex<pthread_t?>

    /// Starts a thread.
    ///
    /// - Parameters:
    ///   - name: shown by `top -H` and in a debugger; what exceeds 15 bytes is cut.
    ///   - stackSize: in bytes; raised to the system's least and rounded up to whole pages.
    package init(
        name: String, stackSize: Int = 1 << 20, _ body: @escaping @Sendable () -> Void
    ) throws(SystemError) {
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        defer { pthread_attr_destroy(&attributes) }
        pthread_attr_setstacksize(&attributes, Self.pages(max(stackSize, 65_536)))
        let start = Unmanaged.passRetained(Start(name: name, body: body))
        var thread = pthread_t()
        let code = pthread_create(
            &thread, &attributes,
            { argument in
                guard let argument else { return nil }
                Unmanaged<Start>.fromOpaque(argument).takeRetainedValue().run()
                return nil
            }, start.toOpaque())
        guard code == 0 else {
            start.release()
            throw SystemError(call: "pthread_create", code: code)
        }
        handle = Mutex(thread)
    }

    /// A thread that nobody joined goes on by itself.
    deinit {
        if let thread = takeHandle() { pthread_detach(thread) }
    }

    /// Waits until the closure has returned.
    ///
    /// The second call, and one from another thread while the first waits, returns at once. Not
    /// from the thread itself.
    package func join() {
        if let thread = takeHandle() { pthread_join(thread, nil) }
    }

    private func takeHandle() -> pthread_t? {
        handle.withLock { handle in
            defer { handle = nil }
            return handle
        }
    }

    private static func pages(_ size: Int) -> Int { (size + 4_095) & ~4_095 }

    /// What the new thread is given.
    private final class Start: Sendable {
        let name: String
        let body: @Sendable () -> Void

        init(name: String, body: @escaping @Sendable () -> Void) {
            self.name = name
            self.body = body
        }

        func run() {
            OSThread.setName(OSThread.shortened(name))
            body()
        }
    }

    /// By way of /proc, since Swift sees neither pthread_setname_np nor prctl.
    ///
    /// A thread without its name works as well.
    fileprivate static func setName(_ name: String) {
        let descriptor = open("/proc/thread-self/comm", O_WRONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        _ = write(descriptor, name, name.utf8.count)
        close(descriptor)
    }

    /// At most 15 bytes, cut between characters (the kernel keeps no more).
    static func shortened(_ name: String) -> String {
        var text = name
        while text.utf8.count > 15 { text.removeLast() }
        return text
    }
}
