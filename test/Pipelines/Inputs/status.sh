"$@" 2>/dev/null
echo "status $?"
