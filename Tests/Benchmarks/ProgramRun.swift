import Delivery
import TestSupport

/// A program that has run, from its start to its end.
struct ProgramRun {
    var seconds: Double
    var cpuSeconds: Double

    /// - Parameter mayFindDeferred: whether exit code 75 is fine: some mail is to be retried.
    static func measure(
        mayFindDeferred: Bool = false, _ start: () throws -> ChildProcess
    ) throws -> ProgramRun {
        let cpuBefore = ProcessUsage.ofEndedChildren()
        let began = TestClock.steady
        let child = try start()
        guard let exit = child.waitForExit(timeout: .seconds(1_200)) else {
            throw Problem("it did not end within 20 minutes")
        }
        let took = TestClock.steady - began
        guard exit == .code(0) || mayFindDeferred && exit == .code(75) else {
            throw Problem("it ended with \(exit): \(child.errors)")
        }
        return ProgramRun(
            seconds: took.inSeconds, cpuSeconds: ProcessUsage.ofEndedChildren() - cpuBefore)
    }

    func rate(_ mails: Int) -> Double { Double(mails) / seconds }

    /// Microseconds of CPU for each mail.
    func cost(_ mails: Int) -> Double { cpuSeconds * 1e6 / Double(mails) }
}
