internal import Glibc
internal import Service

/// Results go to stdout, all else to stderr.
enum Terminal {
    /// - Throws: ``OutputLost`` where stdout does not take it (a full disk, a closed pipe).
    static func print(_ text: String) throws(OutputLost) {
        try write(Array(text.utf8), to: STDOUT_FILENO)
    }

    /// Octets as they are.
    static func print(octets: [UInt8]) throws(OutputLost) {
        try write(octets, to: STDOUT_FILENO)
    }

    /// Results go to a person, not to a file or a program.
    static var showsResults: Bool { isatty(STDOUT_FILENO) == 1 }

    /// One line for the person at the terminal.
    ///
    /// Where even stderr is gone there is nobody to tell.
    static func complain(_ line: String) {
        let text = "outboxd: \(Escaping.printable(line, limit: 4_096))\n"
        do throws(OutputLost) {
            try write(Array(text.utf8), to: STDERR_FILENO)
        } catch {
            return
        }
    }

    /// Progress, as it is: for stderr.
    static func progress(_ text: String) {
        do throws(OutputLost) {
            try write(Array(text.utf8), to: STDERR_FILENO)
        } catch {
            return  // As above.
        }
    }

    /// Somebody sits there who can answer.
    static var canAsk: Bool { isatty(STDIN_FILENO) == 1 && isInteractive }

    /// Asks on stderr; only `y` and `yes` mean yes.
    ///
    /// - Throws: ``Failure`` (75) for Ctrl-C and a terminal that is closed.
    static func ask(_ question: String) throws -> Bool {
        let signals = try SignalWatch()
        progress("\(Escaping.printable(question)) [y/N] ")
        guard signals.next(timeout: nil, orReadable: STDIN_FILENO) == nil else {
            progress("\n")
            throw Failure("interrupted: nothing was changed", .tempFail)
        }
        guard let answer = readLine() else {
            progress("\n")
            return false
        }
        return ["y", "yes"].contains(answer.lowercased())
    }

    static var isInteractive: Bool { isatty(STDERR_FILENO) == 1 }

    /// A line of progress can be written over.
    static func showsProgress(_ environment: [String: String]) -> Bool {
        isatty(STDERR_FILENO) == 1 && Style.obeysControls(environment)
    }

    /// For results.
    static func style(_ environment: [String: String]) -> Style {
        Style(isTerminal: isatty(STDOUT_FILENO) == 1, environment: environment)
    }

    /// How many columns the terminal has that the results go to.
    ///
    /// nil if they go to a file or a pipe: nothing is cut then.
    static var width: Int? { width(of: STDOUT_FILENO) }
    /// That of progress.
    static var progressWidth: Int? { width(of: STDERR_FILENO) }

    private static func width(of descriptor: Int32) -> Int? {
        guard isatty(descriptor) == 1 else { return nil }
        var size = winsize()
        guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else {
            return 80
        }
        return Int(size.ws_col)
    }

    /// Streams that were closed when the program began stand open for the next file: a database or
    /// a connection would then be written what was meant for people.
    ///
    /// They are taken by what can be written to by nobody, so that results are missed, and not lost
    /// in silence.
    static func guardStreams() {
        for stream in STDIN_FILENO...STDERR_FILENO where fcntl(stream, F_GETFD) < 0 {
            _ = open("/dev/null", O_RDONLY)  // The lowest that is free: this one.
        }
    }

    private static func write(_ bytes: [UInt8], to descriptor: Int32) throws(OutputLost) {
        let code = WholeWrite.write(bytes, to: descriptor)
        guard code == 0 else { throw OutputLost(code: code) }
    }
}
