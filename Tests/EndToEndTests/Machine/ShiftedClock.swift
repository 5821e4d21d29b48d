import Foundation
import Glibc
import TestSupport

/// Sets the clocks of processes that are started with its settings, while they run.
///
/// A library of ours adds so much to what the C library says (`Tests/ShiftedClock`); a test can't set the machine's
/// clock, nor send it to sleep.
final class ShiftedClock {
    /// For the environment of a process.
    let settings: [String: String]
    private let place: UnsafeMutableRawPointer
    private static let size = 16

    init(in directory: TemporaryDirectory) throws {
        let path = directory.file("clock")
        settings = [
            "LD_PRELOAD": try BuiltProducts.url("libShiftedClock.so").path,
            "TEST_CLOCK_SHIFT": path,
        ]
        let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw Unexpected("can't make \(path)") }
        defer { close(file) }
        guard ftruncate(file, off_t(Self.size)) == 0,
            let mapped = mmap(nil, Self.size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0),
            mapped != MAP_FAILED
        else { throw Unexpected("can't map \(path)") }
        place = mapped
    }

    deinit { munmap(place, Self.size) }

    /// By so much somebody has set the clock, in seconds.
    func setWall(by seconds: Int64) { place.storeBytes(of: seconds, as: Int64.self) }

    /// The machine has slept: the wall clock and the clock since the start have gone on, and nothing ran.
    func sleep(for seconds: Int64) {
        place.storeBytes(of: seconds, toByteOffset: 8, as: Int64.self)
        place.storeBytes(of: seconds, as: Int64.self)
    }
}
