// placeholder replaced by the SDK's bundler
