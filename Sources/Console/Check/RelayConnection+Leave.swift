internal import SMTP
internal import Service

extension RelayConnection {
    /// Says QUIT and waits a moment for the reply: relays log those who just hang up.
    ///
    /// What goes wrong here says nothing about the relay.
    func leave() {
        do throws(ConnectionLost) {
            guard try sayQuit() else { return }
            guard Waiting.poll([socket], timeout: .seconds(2)) == [true] else { return }
            var reply = [UInt8](repeating: 0, count: 512)
            _ = try receive(into: &reply)
        } catch {
            return
        }
    }
}
