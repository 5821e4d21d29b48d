import Foundation
import Glibc

/// What processes have used.
enum ProcessUsage {
    /// CPU seconds of all children that have ended and been waited for.
    static func ofEndedChildren() -> Double {
        var usage = rusage()
        getrusage(RUSAGE_CHILDREN.rawValue, &usage)
        return seconds(usage.ru_utime) + seconds(usage.ru_stime)
    }

    /// CPU seconds of a running process, in steps of 10 ms (proc(5), stat).
    static func cpu(of process: Int32) throws -> Double {
        let text = try String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)
        // The name, in parentheses, may hold anything.
        let fields = text[(text.lastIndex(of: ")") ?? text.startIndex)...].split(separator: " ")
        guard fields.count > 13, let user = Double(fields[12]), let system = Double(fields[13])
        else { throw Problem("/proc/\(process)/stat can't be read") }
        return (user + system) / Double(sysconf(Int32(_SC_CLK_TCK)))
    }

    /// Octets that a running process has caused to be written to a disk (proc(5), io).
    static func written(by process: Int32) throws -> Int {
        let text = try String(contentsOfFile: "/proc/\(process)/io", encoding: .utf8)
        for line in text.split(separator: "\n") where line.hasPrefix("write_bytes: ") {
            if let count = Int(line.dropFirst("write_bytes: ".count)) { return count }
        }
        throw Problem("/proc/\(process)/io can't be read")
    }

    private static func seconds(_ time: timeval) -> Double {
        Double(time.tv_sec) + Double(time.tv_usec) / 1e6
    }
}
