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

    /// CPU seconds of a running process's threads, to the nanosecond (/proc/PID/task/*/schedstat).
    static func cpu(of process: Int32) throws -> Double {
        try tasks(of: process).reduce(0) { sum, task in
            let text = try String(contentsOfFile: task + "/schedstat", encoding: .utf8)
            return sum + (text.split(separator: " ").first.flatMap { Double($0) } ?? 0) / 1e9
        }
    }

    /// How often the threads of a running process have gone to sleep, and so were woken.
    static func sleeps(of process: Int32) throws -> Int {
        try tasks(of: process).reduce(0) { sum, task in
            sum + (try number("voluntary_ctxt_switches", in: task + "/status"))
        }
    }

    /// Octets that a running process has caused to be written to a disk (proc(5), io).
    static func written(by process: Int32) throws -> Int {
        try number("write_bytes", in: "/proc/\(process)/io")
    }

    /// Megabytes of memory that a running process has now.
    static func memory(of process: Int32) throws -> Double {
        Double(try number("VmRSS", in: "/proc/\(process)/status")) / 1_024
    }

    /// Megabytes of memory that a running process has had at most.
    static func peakMemory(of process: Int32) throws -> Double {
        Double(try number("VmHWM", in: "/proc/\(process)/status")) / 1_024
    }

    private static func tasks(of process: Int32) throws -> [String] {
        let folder = "/proc/\(process)/task"
        return try FileManager.default.contentsOfDirectory(atPath: folder).map { "\(folder)/\($0)" }
    }

    /// The number in a line such as `VmRSS:	  1234 kB`.
    private static func number(_ name: String, in path: String) throws -> Int {
        let text = try String(contentsOfFile: path, encoding: .utf8)
        for line in text.split(separator: "\n") where line.hasPrefix(name + ":") {
            let words = line.split(whereSeparator: { $0 == " " || $0 == "\t" })
            if words.count > 1, let number = Int(words[1]) { return number }
        }
        throw Problem("\(path) has no \(name)")
    }

    private static func seconds(_ time: timeval) -> Double {
        Double(time.tv_sec) + Double(time.tv_usec) / 1e6
    }
}
