# deploy FOLDER FILE: copies a deployment below the release folder. It stands for a program that applies it to a cluster.
folder=${RELEASE_FOLDER:-/tmp/monorepo-releases}/deployments/$1
mkdir -p "$folder"
# The file is moved into place, so a reader never sees half of it.
unfinished=$(mktemp "$folder/.unfinished.XXXXXX")
trap 'rm -f "$unfinished"' EXIT
cp "$2" "$unfinished"
chmod 644 "$unfinished"
mv "$unfinished" "$folder/$(basename "$2")"
echo "Deployed $folder/$(basename "$2")"
