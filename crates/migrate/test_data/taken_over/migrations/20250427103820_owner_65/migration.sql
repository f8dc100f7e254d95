-- AlterTable
ALTER TABLE "Thing9" ADD COLUMN     "ownerId" TEXT;

-- AddForeignKey
ALTER TABLE "Thing9" ADD CONSTRAINT "Thing9_ownerId_fkey" FOREIGN KEY ("ownerId") REFERENCES "User"("id") ON DELETE SET NULL ON UPDATE CASCADE;
