package import Delivery
import Glibc

/// The machine's clocks.
package struct SystemClock: Sendable {
    package init() {}

    /// `CLOCK_REALTIME`: may be set, and so may jump.
    package func wallNow() -> WallTime {
        WallTime(milliseconds: Self.read(CLOCK_REALTIME) / 1_000_000)
    }

    /// `CLOCK_BOOTTIME`: never set, goes on during suspend.
    package func steadyNow() -> SteadyTime {
        SteadyTime(nanoseconds: Self.read(CLOCK_BOOTTIME))
    }

    /// Names the time between two starts of the kernel; nil if /proc does not tell, so that one
    /// boot can't be told from another.
    package static var bootID: String? {
        do throws(BoundedFile.Failure) {
            let bytes = try BoundedFile.read("/proc/sys/kernel/random/boot_id", limit: 64)
            let text = String(decoding: bytes.prefix { $0 != 0x0A }, as: UTF8.self)
            return text.isEmpty ? nil : text
        } catch {
            return nil  // Said above: nil is the answer, not an accident.
        }
    }

    /// Nanoseconds; the clocks used here can't fail on Linux.
    static func read(_ clock: clockid_t) -> Int64 {
        var time = timespec()
        clock_gettime(clock, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
