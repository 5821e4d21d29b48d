internal import Console
internal import FoundationEssentials
internal import Glibc

@main
enum Outboxd {
    static func main() {
        let code = Program.main(
            commandLine: CommandLine.arguments,
            environment: ProcessInfo.processInfo.environment)
        // Not exit(3): it takes OpenSSL's and libcurl's state down, and a thread that still hangs in one
        // of them (a name look-up, a handshake) would crash the process after its work was done. Nothing
        // of ours waits for the end of the process, and what was printed is written already.
        fflush(nil)
        _exit(code)
    }
}
