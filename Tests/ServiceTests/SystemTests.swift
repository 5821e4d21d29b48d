import Delivery
import Glibc
import Synchronization
import Testing

@testable import Service

@Suite struct SystemTests {
    /// Runs on a thread of its own, so that no other thread's signal mask changes.
    private func onThread<T: Sendable>(
        name: String = "test", _ body: @escaping @Sendable () throws -> T
    ) throws -> T {
        let result = Mutex<Result<T, any Error>?>(nil)
        let box = Box(result)
        try OSThread(name: name) { box.value.withLock { $0 = Result { try body() } } }.join()
        return try #require(box.value.withLock { $0 }).get()
    }

    private final class Box<T: Sendable>: Sendable {
        let value: Mutex<Result<T, any Error>?>
        init(_ value: consuming Mutex<Result<T, any Error>?>) { self.value = value }
    }

    @Test(arguments: SignalWatch.Signal.allCases)
    func `a signal that is sent is delivered, once`(signal: SignalWatch.Signal) throws {
        let got = try onThread {
            let watch = try SignalWatch()
            let before = watch.next(timeout: .zero)
            pthread_kill(pthread_self(), signal.number)
            return [before, watch.next(timeout: .seconds(10)), watch.next(timeout: .zero)]
        }
        #expect(got == [nil, signal, nil])
    }

    @Test func `several signals are delivered one after the other`() throws {
        let got = try onThread {
            let watch = try SignalWatch()
            for signal in SignalWatch.Signal.allCases {
                pthread_kill(pthread_self(), signal.number)
            }
            return Set((0..<3).compactMap { _ in watch.next(timeout: .seconds(10)) })
        }
        #expect(got == Set(SignalWatch.Signal.allCases))
    }

    @Test func `a timeout passes, and not before its time`() throws {
        let elapsed = try onThread {
            let watch = try SignalWatch()
            let clock = SystemClock()
            let start = clock.steadyNow()
            let signal = watch.next(timeout: .milliseconds(20))
            return signal == nil ? clock.steadyNow() - start : .zero
        }
        #expect(elapsed >= .milliseconds(20))
    }

    @Test func `an event ends the wait for a signal`() throws {
        let got = try onThread {
            let watch = try SignalWatch()
            let event = try EventFD()
            let waker = try OSThread(name: "waker") { event.signal() }
            let signal = watch.next(timeout: nil, or: event)
            waker.join()
            return (signal, event.drain())
        }
        #expect(got.0 == nil)
        #expect(got.1)
    }

    /// A process that has nothing but the main thread when it makes its watch, as outboxd has.
    @Test func `SIGPIPE does not end the process`() async {
        await #expect(processExitsWith: .exitCode(7)) {
            let watch = try SignalWatch()
            raise(SIGPIPE)
            raise(SIGHUP)
            exit(watch.next(timeout: .seconds(10)) == .hangup ? 7 : 8)
        }
    }

    @Test func `an event counts once however often it is signalled`() throws {
        let event = try EventFD()
        #expect(!event.drain())
        #expect(!event.wait(timeout: .zero))
        event.signal()
        event.signal()
        #expect(event.wait(timeout: .seconds(10)))
        #expect(event.wait(timeout: nil))
        #expect(event.drain())
        #expect(!event.drain())
        #expect(!event.wait(timeout: .milliseconds(1)))
    }

    @Test func `the descriptor of an event is not inherited and does not block`() throws {
        let event = try EventFD()
        let descriptor = event.descriptor
        #expect(fcntl(descriptor, F_GETFD) & FD_CLOEXEC != 0)
        #expect(fcntl(descriptor, F_GETFL) & O_NONBLOCK != 0)
        #expect(!event.drain())
    }

    @Test func `events close their descriptors`() async {
        await #expect(processExitsWith: .exitCode(7)) {
            var limit = rlimit(rlim_cur: 128, rlim_max: 128)
            setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
            for _ in 0..<1_000 { try EventFD().signal() }
            let kept = try? (0..<1_000).map { _ in try EventFD() }
            exit(kept == nil ? 7 : 8)
        }
    }

    @Test(
        arguments: [
            ("outboxd-store", "outboxd-store"), ("a-name-that-is-long", "a-name-that-is-"),
            ("ääääääää", "äääääää"), ("", nil),
        ] as [(String, String?)]) func `a thread has its name`(name: String, wanted: String?) throws
    {
        let seen = try onThread(name: name) {
            try BoundedFile.read("/proc/thread-self/comm", limit: 64)
        }
        let text = String(decoding: seen.dropLast(), as: UTF8.self)
        if let wanted { #expect(text == wanted) } else { #expect(text.utf8.count <= 15) }
    }

    /// Frames of a kilobyte each (allocations of that size are made on the stack).
    private static func depth(_ count: Int) -> Int {
        withUnsafeTemporaryAllocation(byteCount: 1_024, alignment: 16) { buffer in
            buffer[0] = UInt8(truncatingIfNeeded: count)
            return count == 0 ? 0 : depth(count - 1) + (buffer[0] == UInt8(count & 255) ? 1 : 0)
        }
    }

    @Test func `a thread has the stack that was asked for`() throws {
        // Twelve megabytes: too much even for a main thread.
        let done = Box<Int>(Mutex(nil))
        let thread = try OSThread(name: "deep", stackSize: 64 << 20) {
            done.value.withLock { $0 = .success(Self.depth(12_000)) }
        }
        thread.join()
        thread.join()
        #expect(try done.value.withLock { try $0?.get() } == 12_000)
    }

    @Test func `a thread that nobody joins goes on`() throws {
        let event = try EventFD()
        _ = try OSThread(name: "alone") { event.signal() }
        #expect(event.wait(timeout: .seconds(10)))
    }

    @Test func `a system error says which call and what`() {
        #expect(
            SystemError(call: "open", code: ENOENT).description == "open: No such file or directory"
        )
    }

    @Test func `the clocks run`() throws {
        let clock = SystemClock()
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        let wall = clock.wallNow().milliseconds / 1_000
        #expect((Int64(time.tv_sec)...Int64(time.tv_sec) + 60).contains(wall))
        let first = clock.steadyNow()
        #expect(first.nanoseconds > 0)
        #expect(clock.steadyNow() >= first)
        let boot = try #require(SystemClock.bootID)
        #expect(boot.count == 36)
        #expect(boot == SystemClock.bootID)
    }

    @Test func `exit codes are those of sysexits`() {
        #expect(ExitCode.allCases.map(\.rawValue) == [0, 1, 64, 65, 69, 74, 75, 78])
    }
}
