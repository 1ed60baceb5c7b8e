// Keeping the phones' datagrams on their interface, where the system allows it (SO_BINDTODEVICE). TCP stays
// free: two phones of one machine reach each other through the machine's loopback, whatever their interface.

import Glibc
import NIOCore
import NIOPosix

enum InterfaceBinding {
    /// The bytes of an interface's name with its zero (IFNAMSIZ of linux/if.h).
    private static let nameBytes = 16

    /// The name as the system takes it.
    private struct Name {
        var bytes: (UInt64, UInt64) = (0, 0)
    }

    /// Binds a socket that is not bound yet to the interface; without the privilege it stays as it is, and
    /// hears and says the same, because its address is of the interface's subnet.
    static func bind(_ channel: any Channel, to place: NetworkPlace) {
        guard let interface = place.interface, interface.utf8.count < nameBytes,
            let provider = channel as? any SocketOptionProvider
        else { return }
        var name = Name()
        withUnsafeMutableBytes(of: &name) { $0.copyBytes(from: interface.utf8) }
        provider.unsafeSetSocketOption(
            level: SocketOptionLevel(SOL_SOCKET),
            name: SO_BINDTODEVICE,
            value: name
        )
        .whenComplete { _ in }
    }
}
