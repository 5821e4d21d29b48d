import Delivery
import Glibc
import Testing

@testable import Console

struct ProcessFiguresTests {
    /// proc_pid_stat(5), with a name that tries to look like more fields.
    @Test func `a name with brackets and blanks shifts no field`() throws {
        let text =
            "42 (a) b (c)) S 1 42 42 0 -1 4194304 100 0 0 0 150 50 0 0 20 0 7 0 1000 398282752 "
            + "7081 18446744073709551615 1 1 0 0\n"
        let figures = try #require(ProcessFigures(stat: text))
        let ticks = Double(sysconf(Int32(_SC_CLK_TCK)))
        #expect(figures.cpuSeconds == 200 / ticks)
        #expect(figures.virtualBytes == 398_282_752)
        #expect(figures.residentBytes == 7_081 * sysconf(Int32(_SC_PAGESIZE)))
        let start = figures.startTime(
            wall: WallTime(milliseconds: 1_000_000),
            sinceBoot: SteadyTime(nanoseconds: 500_000_000_000))
        #expect(start == 500 + 1_000 / ticks)
    }

    @Test(arguments: ["", "42", "42 (a) S 1 2", "42 (a) " + String(repeating: "x ", count: 50)])
    func `what is no such line is nothing`(text: String) {
        #expect(ProcessFigures(stat: text) == nil)
    }

    @Test func `this process has files open and takes memory`() throws {
        let figures = try #require(ProcessFigures())
        #expect(figures.residentBytes > 1 << 20)
        #expect((figures.openFDs ?? 0) > 2)
        #expect((figures.maxFDs ?? 0) >= (figures.openFDs ?? 0))
    }
}
