-- AlterTable
ALTER TABLE "Thing4" ADD COLUMN     "ownerId" TEXT;

-- AddForeignKey
ALTER TABLE "Thing4" ADD CONSTRAINT "Thing4_ownerId_fkey" FOREIGN KEY ("ownerId") REFERENCES "User"("id") ON DELETE SET NULL ON UPDATE CASCADE;
