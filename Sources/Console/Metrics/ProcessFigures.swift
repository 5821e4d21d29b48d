internal import Delivery
internal import Glibc
internal import Service

/// What the kernel knows of this process, under the names that all Prometheus clients use.
/// https://prometheus.io/docs/instrumenting/writing_clientlibs/#process-metrics
struct ProcessFigures {
    var cpuSeconds: Double
    var residentBytes: Int
    var virtualBytes: Int
    var openFDs: Int?
    var maxFDs: Int?
    /// Since boot.
    private var startedAfterBoot: Double

    /// nil where /proc does not tell.
    init?() {
        guard let text = Self.stat else { return nil }
        self.init(stat: text)
        openFDs = Self.countFDs()
        var limit = rlimit()
        if getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 {
            maxFDs = Int(clamping: limit.rlim_cur)
        }
    }

    /// - Parameter text: Of /proc/self/stat; the second field is a name in brackets, which may hold anything.
    ///   https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
    init?(stat text: String) {
        guard let end = text.lastIndex(of: ")") else { return nil }
        // The third field, the state, is the first here.
        let fields = text[text.index(after: end)...].split { $0 == " " || $0 == "\n" }
        guard fields.count > 21, let user = Double(fields[11]), let system = Double(fields[12]),
            let start = Double(fields[19]), let size = Int(fields[20]), let pages = Int(fields[21])
        else { return nil }
        let ticks = Double(sysconf(Int32(_SC_CLK_TCK)))
        cpuSeconds = (user + system) / ticks
        startedAfterBoot = start / ticks
        virtualBytes = size
        residentBytes = pages * sysconf(Int32(_SC_PAGESIZE))
    }

    /// Since 1970, in seconds.
    ///
    /// Asked once: the clock may be set, and a start time that moves looks like a restart.
    func startTime(wall: WallTime, sinceBoot: SteadyTime) -> Double {
        Double(wall.milliseconds) / 1_000 - Double(sinceBoot.nanoseconds) / 1e9 + startedAfterBoot
    }

    private static var stat: String? {
        guard let octets = try? BoundedFile.read("/proc/self/stat", limit: 4_096) else {
            return nil
        }
        return String(decoding: octets, as: UTF8.self)
    }

    private static func countFDs() -> Int? {
        guard let directory = opendir("/proc/self/fd") else { return nil }
        defer { closedir(directory) }
        var count = 0
        while readdir(directory) != nil { count += 1 }
        // Without `.`, `..` and the one that reads.
        return max(0, count - 3)
    }
}
