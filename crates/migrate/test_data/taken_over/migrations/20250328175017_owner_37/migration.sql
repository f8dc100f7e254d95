-- AlterTable
ALTER TABLE "Thing5" ADD COLUMN     "ownerId" TEXT;

-- AddForeignKey
ALTER TABLE "Thing5" ADD CONSTRAINT "Thing5_ownerId_fkey" FOREIGN KEY ("ownerId") REFERENCES "User"("id") ON DELETE SET NULL ON UPDATE CASCADE;
